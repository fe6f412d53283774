-- What mod_sasl2_sm finds in a newer Prosody only: mod_smacks does its work without answering by itself.

local smacks = module:depends "smacks";

local xmlns_sm = "urn:xmpp:sm:3";
local xmlns_errors = "urn:ietf:params:xml:ns:xmpp-stanzas";

-- It adds the condition of an error to what it answers.
local stanza_mt = require "util.stanza".stanza_mt;
stanza_mt.add_error = stanza_mt.add_error or function (stanza, err)
	return stanza:tag(err.condition, { xmlns = xmlns_errors }):up();
end

-- mod_sasl2 asks for this, and the sessions of mod_bosh do not have it.
module:hook("stream-features", function (event)
	event.origin.base_type = event.origin.base_type or "c2s";
end, 100);

-- What `handle` would have sent, in order; and what sends.
local function listen(handle, session, request)
	local send, said = session.send, {};
	session.send = function (stanza)
		said[#said + 1] = stanza;
		return true;
	end
	handle(session, request, xmlns_sm);
	return said, send;
end

local function failure(failed)
	local condition = failed.tags[1];
	return { condition = condition and condition.name or "undefined-condition", context = { h = tonumber(failed.attr.h) } };
end

function smacks.do_enable(session, request)
	local said, send = listen(smacks.handle_enable, session, request);
	session.send = send;
	local enabled = said[1];
	if enabled.name ~= "enabled" then return nil, failure(enabled); end
	return { type = "enabled", id = enabled.attr.id, resume_max = enabled.attr.max, finish = function () end };
end

function smacks.do_resume(session, request)
	local said, send = listen(smacks.handle_resume, session, request);
	local resumed = said[1];
	if resumed.name ~= "resumed" then
		session.send = send;
		return nil, failure(resumed);
	end
	local owner = module:shared("/*/smacks/resumption-tokens")[session.username.."@"..session.host.."/"..resumed.attr.previd];
	-- So it is done there too: the metatable of functions reaches what they have closed over.
	owner.send, send.session, send.filter = send, owner, owner.filter;
	-- mod_sasl2_fast goes on with these.
	owner.sasl_handler, owner.fast_token_request, owner.client_id =
		session.sasl_handler, session.fast_token_request, session.client_id;
	return { type = "resumed", id = resumed.attr.previd, session = owner, finish = function ()
		owner.resending_unacked = true;
		for i = 2, #said do send(said[i]); end
		owner.resending_unacked = nil;
	end };
end
