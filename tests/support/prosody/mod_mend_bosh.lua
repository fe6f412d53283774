-- Keeps a request that nobody waits for any more from those that Prosody answers.
--
-- mod_bosh of Prosody 0.12 sets a request aside that comes before the one ahead of it. If its connection breaks while it
-- waits there, it is taken for an open one all the same when its turn comes. It stays the oldest for good, and everything
-- that the session is sent from then on is written to it, and lost.

module:hook_global("bosh-session", function (event)
	setmetatable(event.session.requests, {
		__newindex = function (requests, place, response)
			if response.finished then
				module:log("info", "left out a request whose connection is gone");
				return;
			end
			rawset(requests, place, response);
		end;
	});
end);
