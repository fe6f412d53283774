-- Tells the modules that hook "stream-features" whose stream it is. mod_sasl2_fast needs `event.stream.from`, which only
-- a newer Prosody has; here it is read from the stream header, before mod_sasl2 fires its events.

local filters = require "util.filters";

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
