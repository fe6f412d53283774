-- What mod_sasl2_fast finds in a newer Prosody only.

local datetime = require "util.datetime";
local filters = require "util.filters";

-- It hands over fractions of a second, on which Lua 5.4's os.date fails.
local format = datetime.datetime;
function datetime.datetime(time)
	return format(time and math.floor(time));
end

-- It asks stanzas for the attribute of a child.
local stanza_mt = require "util.stanza".stanza_mt;
stanza_mt.get_child_attr = stanza_mt.get_child_attr or function (stanza, name, xmlns, attribute)
	local child = stanza:get_child(name, xmlns);
	return child and child.attr[attribute];
end

-- It asks for `event.stream.from`: read here from the stream header, before mod_sasl2 fires its events.
filters.add_filter_hook(function (session)
	if session.type ~= "c2s_unauthed" then return; end
	-- After mod_websocket's own filter, which makes <stream:stream> of <open>.
	filters.add_filter(session, "bytes/in", function (data)
		local header = data and data:match("^%s*<stream:stream[^>]*>");
		if header then
			session.stream_from = header:match("%sfrom=['\"]([^'\"]+)['\"]");
		end
		return data;
	end, -10);
end);

module:hook("stream-features", function (event)
	event.stream = event.stream or { from = event.origin.stream_from };
end, 100);

-- It leaves its own mechanisms on the stream when a token is refused, so that no password would do after it.
module:hook("sasl2/c2s/failure", function (event)
	event.session.sasl_handler = nil;
end, 10);
