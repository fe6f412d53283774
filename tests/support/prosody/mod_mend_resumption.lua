-- What a newer Prosody does at a resumption, and 0.12 does not.

-- mod_smacks gives the old session the new connection, but leaves it the reader of the old one. If that one broke in the
-- midst of a frame or a stanza, its first half would be read before what comes over the new one.
module:hook("smacks-hibernation-end", function (event)
	event.resumed.data = event.origin.data;
end);
