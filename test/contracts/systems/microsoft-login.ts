/** Signing in at Microsoft, which no file of ours describes. */
import type { Undescribed } from './system.ts';

export const MICROSOFT_SIGN_IN = { 'content-type': 'application/x-www-form-urlencoded' };

export const isMicrosoftSignIn = (scope: string): Undescribed => ({
  isMatch: ({ path }) => path.startsWith('/login/'),
  reason:
    'The sign-in is another service (login.microsoftonline.com) without a file; held against the published client credentials flow of v2.0.',
  check: ({ method, path, query, requestHeaders, requestBody, status, answer }) => {
    const form = (requestBody ?? {}) as Record<string, unknown>;
    const given = (answer ?? {}) as Record<string, unknown>;
    const isForm = requestHeaders['content-type']?.startsWith(MICROSOFT_SIGN_IN['content-type']);
    const fields = Object.keys(form).sort().join(' ');
    const answered = status === 200 ? 'access_token expires_in ext_expires_in token_type' : null;
    return [
      ...(method === 'POST' && isForm ? [] : ['The sign-in is not a form sent by POST.']),
      ...(/^\/login\/[0-9a-f-]{36}\/oauth2\/v2\.0\/token$/.test(path)
        ? []
        : ['Its path is wrong.']),
      ...(Object.keys(query).length === 0 ? [] : ['It has no query.']),
      ...(fields === 'client_id client_secret grant_type scope' ? [] : [`Its fields: ${fields}.`]),
      ...(form['grant_type'] === 'client_credentials' ? [] : ['Its grant is another one.']),
      ...(form['scope'] === scope ? [] : ['Its scope is of another service.']),
      ...(answered === null || Object.keys(given).sort().join(' ') === answered
        ? []
        : ['Its answer has other fields.']),
      ...(status === 200 || ('error' in given && 'error_codes' in given)
        ? []
        : ['Its refusal gives no error code.']),
    ];
  },
});
