// The configuration file of an ejabberd that only this machine can reach.

const MODULES = {
  mod_adhoc: {},
  mod_admin_extra: {},
  mod_blocking: {},
  mod_bosh: {},
  mod_caps: {},
  mod_carboncopy: {},
  mod_client_state: {},
  mod_disco: {},
  mod_http_api: {},
  mod_last: {},
  // Unless it is told so, it archives nothing.
  mod_mam: { default: 'always' },
  mod_muc: { host: 'rooms.@HOST@', default_room_options: { mam: true } },
  mod_muc_admin: {},
  mod_offline: {},
  mod_ping: {},
  mod_privacy: {},
  mod_private: {},
  mod_pubsub: { plugins: ['flat', 'pep'] },
  mod_roster: {},
  mod_stream_mgmt: {},
  mod_time: {},
  mod_vcard: {},
  mod_version: {},
};

/** The text of ejabberd.yml; JSON is YAML. */
export function ejabberdConfig({ directory, port, secret, domain, options }) {
  const { modules = {}, disabledModules = [] } = options;
  const enabled = Object.entries({ ...MODULES, ...modules }).filter(([name]) => !disabledModules.includes(name));
  const hosts = [domain, `anonymous.${domain}`];
  const config = {
    hosts,
    loglevel: 'debug',
    log_rotate_size: 'infinity',
    listen: [
      {
        port,
        ip: '127.0.0.1',
        module: 'ejabberd_http',
        request_handlers: {
          '/xmpp-websocket': 'ejabberd_http_ws',
          '/http-bind': 'mod_bosh',
          '/upload': 'mod_http_upload',
          [`/${secret}`]: 'mod_http_api',
        },
      },
    ],
    auth_method: ['internal'],
    // Keeps the password itself, from which every kind of SCRAM can be done.
    auth_password_format: 'plain',
    host_config: { [`anonymous.${domain}`]: { auth_method: ['anonymous'], anonymous_protocol: 'sasl_anon' } },
    // Two hosts would need two addresses for files.
    append_host_config: { [domain]: { modules: { mod_http_upload: uploads(directory, port) } } },
    acl: { local: { user_regexp: '' } },
    access_rules: { local: { allow: 'local' } },
    // A client that is tested is faster, and comes more often, than any that is to be slowed down.
    shaper: {},
    shaper_rules: {},
    // Whoever knows the secret path may do everything; only 127.0.0.1 can be reached at all.
    api_permissions: { tests: { who: { ip: '127.0.0.1/32' }, what: '*' } },
    modules: Object.fromEntries(enabled),
  };
  return JSON.stringify(config, null, 2);
}

/** Where files go, as large as Prosody takes them, and from pages of every site. */
function uploads(directory, port) {
  return {
    host: 'upload.@HOST@',
    docroot: `${directory}/uploads`,
    put_url: `http://127.0.0.1:${port}/upload`,
    max_size: 10 * 1024 * 1024,
    custom_headers: {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Methods': 'GET, HEAD, PUT, OPTIONS',
      'Access-Control-Allow-Headers': 'Content-Type',
    },
  };
}
