-- Makes accounts, rosters and rooms in the running server, in one request instead of one prosodyctl for each.
-- Loaded only by tests/support/prosody.mjs, from its temporary configuration, bound to 127.0.0.1 and behind a secret path.

local jid_split = require "util.jid".split;
local json = require "util.json";
local rostermanager = require "core.rostermanager";
local set = require "util.set";
local usermanager = require "core.usermanager";

local secret = assert(module:get_option_string("test_control_secret"));

module:depends("http");

local function add_account(account)
	local user, host = jid_split(account.jid);
	assert(prosody.hosts[host], "no such host: " .. tostring(host));
	if usermanager.user_exists(user, host) then
		assert(usermanager.set_password(user, account.password, host));
	else
		assert(usermanager.create_user(user, account.password, host));
	end
	if not account.contacts or not account.contacts[1] then return; end
	local roster = rostermanager.load_roster(user, host);
	for _, contact in ipairs(account.contacts) do
		local groups = set.new(contact.groups or {})._items;
		roster[contact.jid] = { name = contact.name, subscription = contact.subscription or "both", groups = groups };
	end
	assert(rostermanager.save_roster(user, host, roster));
end

local function add_room(room)
	local _, host = jid_split(room.jid);
	local muc = assert(prosody.hosts[host] and prosody.hosts[host].modules.muc, "no rooms at " .. tostring(host));
	local made = muc.get_room_from_jid(room.jid) or assert(muc.create_room(room.jid));
	made:set_persistent(true);
	made:set_public(true);
	made:set_name(room.name);
	made:set_description(room.description);
	if room.password then made:set_password(room.password); end
	if room.members_only then made:set_members_only(true); end
	if room.owner then made:set_affiliation(true, room.owner, "owner"); end
	made:save(true);
end

local function handle(event)
	local order = assert(json.decode(event.request.body));
	for _, account in ipairs(order.accounts or {}) do add_account(account); end
	for _, room in ipairs(order.rooms or {}) do add_room(room); end
	for _, jid in ipairs(order.remove or {}) do
		local user, host = jid_split(jid);
		assert(usermanager.delete_user(user, host));
	end
end

module:provides("http", {
	default_path = "/" .. secret;
	route = {
		POST = function (event)
			local ok, problem = pcall(handle, event);
			if ok then return 204; end
			event.response.status_code = 400;
			return tostring(problem);
		end;
	};
});
