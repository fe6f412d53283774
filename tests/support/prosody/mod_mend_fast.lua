-- What mod_sasl2_fast finds in a newer Prosody only.

local datetime = require "util.datetime";
local filters = require "util.filters";

-- It hands over fractions of a second, on which Lua 5.4's os.date fails.
local format = datetime.datetime;
function datetime.datetime(time)
	return format(time and math.floor(time));
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
