/**
 * What the private Asterisk loads. Naming modules one by one makes it boot in half a second, and keeps out those that
 * would listen on ports of their own. Order is the order of loading: services first.
 * Source: facts of Asterisk 22: app_mixmonitor needs func_periodic_hook, which needs func_cut and func_groupcount
 */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  services: ['res_timing_timerfd', 'res_crypto', 'res_sorcery_config', 'res_sorcery_memory', 'res_sorcery_astdb', 'pbx_config', 'res_clioriginate', 'res_musiconhold'],
  codecs: ['codec_ulaw', 'codec_alaw', 'codec_a_mu', 'codec_resample', 'codec_g722', 'codec_gsm'],
  formats: ['format_pcm', 'format_wav', 'format_wav_gsm', 'format_gsm', 'format_sln'],
  bridges: ['bridge_simple', 'bridge_native_rtp', 'bridge_softmix', 'bridge_holding', 'bridge_builtin_features'],
  functions: [
    'func_channel', 'func_strings', 'func_logic', 'func_math', 'func_global', 'func_callerid', 'func_cdr', 'func_db', 'func_dialplan', 'func_env',
    'func_rand', 'func_timeout', 'func_uri', 'func_cut', 'func_groupcount', 'func_periodic_hook', 'func_module', 'func_shell', 'func_json',
    'func_base64', 'func_hangupcause', 'func_sprintf', 'func_devstate',
  ],
  applications: [
    'app_mixmonitor', 'app_dial', 'app_queue', 'app_confbridge', 'res_parking', 'app_directed_pickup', 'app_playback', 'app_playtones', 'app_milliwatt',
    'app_echo', 'app_userevent', 'app_stack', 'app_verbose', 'app_exec', 'app_system', 'app_originate', 'app_while', 'app_if', 'app_senddtmf',
    'app_read', 'app_record', 'app_chanspy', 'app_stasis', 'app_transfer', 'app_bridgewait', 'app_blind_transfer', 'app_attended_transfer',
    'app_bridgeaddchan', 'app_channelredirect', 'app_softhangup', 'app_cdr', 'app_dumpchan', 'app_page', 'app_followme',
  ],
  sip: [
    'res_rtp_asterisk', 'res_pjproject', 'res_pjsip', 'res_pjsip_session', 'res_pjsip_pubsub', 'res_pjsip_sdp_rtp',
    'res_pjsip_endpoint_identifier_user', 'res_pjsip_endpoint_identifier_ip', 'res_pjsip_endpoint_identifier_anonymous',
    'res_pjsip_authenticator_digest', 'res_pjsip_outbound_authenticator_digest', 'res_pjsip_caller_id', 'res_pjsip_diversion',
    'res_pjsip_dtmf_info', 'res_pjsip_header_funcs', 'res_pjsip_logger', 'res_pjsip_nat', 'res_pjsip_refer', 'res_pjsip_registrar',
    'res_pjsip_rfc3326', 'res_pjsip_acl', 'res_pjsip_messaging', 'chan_pjsip',
  ],
  http: [
    'res_http_websocket', 'res_websocket_client', 'res_stasis', 'res_stasis_answer', 'res_stasis_playback', 'res_stasis_recording',
    'res_stasis_snoop', 'res_stasis_device_state', 'res_ari_model', 'res_ari', 'res_ari_applications', 'res_ari_asterisk', 'res_ari_bridges',
    'res_ari_channels', 'res_ari_device_states', 'res_ari_endpoints', 'res_ari_events', 'res_ari_playbacks', 'res_ari_recordings', 'res_ari_sounds',
  ],
}

/** The text of modules.conf. A module that this Asterisk does not have is a line in its log, not a failure. */
export function modulesText(additional: readonly string[] = []): string {
  const names = new Set([...Object.values(MODULES).flat(), ...additional])
  return `[modules]\nautoload = no\n${[...names].map((name) => `load = ${name}.so\n`).join('')}`
}
