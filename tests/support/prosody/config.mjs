// The configuration file of a Prosody that only this machine can reach.

const COMMON_MODULES = [
  'roster', 'saslauth', 'disco', 'presence', 'message', 'iq', 'offline', 'c2s', 'tls',
  'bosh', 'websocket', 'smacks', 'carbons', 'mam', 'csi_simple', 'ping', 'time', 'version', 'uptime', 'lastactivity',
  'pep', 'vcard4', 'vcard_legacy', 'bookmarks', 'private', 'blocklist', 'posix', 'register',
];

/** The text of prosody.cfg.lua. */
export function prosodyConfig({ directory, plugins, port, secret, domain, options }) {
  const { modules = [], disabledModules = [], hosts = {}, lua = '', hostLua = '', requireTls = false } = options;
  const plain = !requireTls;
  const globals = {
    run_as_root: true,
    pidfile: `${directory}/prosody.pid`,
    data_path: `${directory}/data`,
    plugin_paths: [plugins],
    certificates: `${directory}/certs`,
    interfaces: ['127.0.0.1'],
    http_interfaces: ['127.0.0.1'],
    http_ports: [port],
    https_ports: [],
    c2s_ports: [],
    c2s_direct_tls_ports: [],
    s2s_ports: [],
    http_default_host: domain,
    http_external_url: `http://127.0.0.1:${port}/`,
    modules_enabled: [...COMMON_MODULES, ...modules],
    modules_disabled: ['s2s', ...disabledModules],
    // Keeps the password itself, from which both SCRAM-SHA-1 and SCRAM-SHA-256 can be done; internal_hashed has one hash.
    authentication: 'internal_plain',
    c2s_require_encryption: requireTls,
    allow_unencrypted_plain_auth: plain,
    consider_websocket_secure: plain,
    consider_bosh_secure: plain,
    storage: 'internal',
    test_control_secret: secret,
  };
  return [
    ...settings(globals),
    `log = { { levels = { min = "debug" }, to = "file", filename = ${literal(`${directory}/prosody.log`)} } }`,
    lua,
    `VirtualHost ${literal(domain)}`,
    '  modules_enabled = { "test_control" }',
    hostLua,
    ...virtualHost(`anonymous.${domain}`, { authentication: 'anonymous' }),
    ...Object.entries(hosts).flatMap(([name, host]) => virtualHost(name, host)),
    `Component ${literal(`rooms.${domain}`)} "muc"`,
    '  name = "Rooms"',
    '  modules_enabled = { "muc_mam", "vcard_muc" }',
    '  restrict_room_creation = false',
    '  muc_room_default_public_jids = false',
    `Component ${literal(`upload.${domain}`)} "http_file_share"`,
    `  http_host = ${literal(domain)}`,
    '',
  ].join('\n');
}

function virtualHost(name, { lua = '', ...options }) {
  return [`VirtualHost ${literal(name)}`, ...settings(options).map((line) => `  ${line}`), lua];
}

function settings(options) {
  return Object.entries(options).map(([name, value]) => `${name} = ${literal(value)}`);
}

/** A JavaScript string, number, boolean or array in Lua. */
function literal(value) {
  if (Array.isArray(value)) return `{ ${value.map(literal).join('; ')} }`;
  // JSON's escapes are Lua's, but for \u and \/, which paths and names here do not need.
  return JSON.stringify(value);
}
