// The CloudFront Function before the API: `infra/session_door.py` in the JavaScript that CloudFront runs (runtime 2.0).
// It keeps no log. `RULES` is filled in when it is deployed.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
const RULES = "@RULES@";

function handler(event) {
  const request = event.request;
  const headers = request.headers;
  const isSession = request.uri === RULES.session || request.uri.indexOf(RULES.session + "/") === 0;
  if (RULES.safe.indexOf(request.method) < 0) {
    const origin = valueOf(headers.origin);
    const isOwn = origin === "https://" + valueOf(headers.host);
    const isKnown = RULES.known.some((name) => request.cookies[name] !== undefined);
    if (!isOwn && (isKnown || (isSession && origin))) {
      return refusal(valueOf(headers["accept-language"]).toLowerCase());
    }
  }
  if (isSession) {
    return request;
  }
  const cookie = request.cookies[RULES.idToken];
  // a second cookie of the name is a forgery
  const token = cookie && !cookie.multiValue ? cookie.value : "";
  if (!valueOf(headers.authorization) && new RegExp(RULES.token).test(token)) {
    headers.authorization = { value: "Bearer " + token };
  }
  request.cookies = {};
  return request;
}

function refusal(acceptLanguage) {
  const begins = RULES.languages.filter((each) => acceptLanguage.indexOf(each) === 0);
  const language = begins[0] || RULES.otherwise;
  const headers = {};
  Object.keys(RULES.headers[language]).forEach((name) => {
    headers[name] = { value: RULES.headers[language][name] };
  });
  return {
    statusCode: RULES.status,
    statusDescription: "Forbidden",
    headers: headers,
    body: { encoding: "text", data: RULES.documents[language] },
  };
}

function valueOf(header) {
  return header ? header.value : "";
}
