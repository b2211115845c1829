// The CloudFront Function before the pages: `infra/addresses.py` in the JavaScript that CloudFront runs (runtime 2.0,
// where regular expressions are those of ECMAScript 5.1). It keeps no log. `RULES` is filled in when it is deployed.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
const RULES = "@RULES@";

function handler(event) {
  const request = event.request;
  const header = request.headers["accept-language"];
  const answer = answerTo(request.uri, queryText(request.querystring), header ? header.value : "");
  if (answer.redirect) {
    const headers = { location: { value: answer.redirect } };
    Object.keys(RULES.headers).forEach((name) => {
      headers[name] = { value: RULES.headers[name] };
    });
    return { statusCode: 302, statusDescription: "Found", headers: headers };
  }
  if (answer.file) {
    request.uri = "/" + answer.file;
  }
  return request;
}

// A page's file, another address, or neither: the file that the address names.
function answerTo(path, query, acceptLanguage) {
  const asked = decoded(query);
  const language = found("asked", asked) || preferredLanguage(acceptLanguage);
  if (path === "/") {
    return { redirect: "/" + language + "/" };
  }
  const right = canonical(path);
  const link = match("linked", decoded(path) + (asked ? "?" + asked : ""));
  if (link && (right !== path || asked.indexOf("#") >= 0)) {
    const page = link[2].toLowerCase();
    const prefix = "/" + (link[1] || language).toLowerCase() + "/";
    return { redirect: prefix + (oldPage(page) || page) + fragment(link[3] || "") };
  }
  if (right === null) {
    return {};
  }
  return right === path ? { file: fileOf(path) } : { redirect: right };
}

function canonical(path) {
  const inside = match("inside", path);
  if (inside) {
    return "/" + inside[1].toLowerCase() + "/" + inside[2].toLowerCase() + (inside[3] || "/");
  }
  const page = match("page", path);
  if (page && !oldPage(page[2].toLowerCase())) {
    return ("/" + page[1] + "/" + page[2]).toLowerCase();
  }
  const language = found("language", path);
  return language ? "/" + language + "/" : null;
}

// Not by the name alone: an object answers to `constructor` too.
function oldPage(name) {
  return Object.keys(RULES.old).indexOf(name) >= 0 ? RULES.old[name] : "";
}

function fileOf(path) {
  const parts = path.split("/");
  return parts[1] + "/" + (RULES.reserved.indexOf(parts[2]) >= 0 ? parts[2] : "index") + ".html";
}

function preferredLanguage(acceptLanguage) {
  let best = RULES.otherwise;
  let weight = 0;
  acceptLanguage.toLowerCase().split(",").slice(0, RULES.preferences).forEach((part) => {
    const at = part.indexOf(";");
    const language = found("preferred", at < 0 ? part : part.slice(0, at));
    const given = at < 0 ? "" : part.slice(at + 1);
    const wished = given ? Number(found("weight", given) || 0) : 1;
    if (language && wished > weight) {
      best = language;
      weight = wished;
    }
  });
  return best;
}

function fragment(behind) {
  const kept = behind.split(/[?&]/)[0];
  if (kept.length > RULES.longest) {
    return "";
  }
  const trimmed = kept.replace(new RegExp(RULES.patterns.ends, "g"), "");
  const encoded = encodeURIComponent(trimmed).replace(/%2F/g, "/").replace(/[!'()*]/g, percent);
  return encoded && encoded.length <= RULES.longest ? "#" + encoded : "";
}

function percent(character) {
  return "%" + character.charCodeAt(0).toString(16).toUpperCase();
}

function decoded(text) {
  let read = text;
  try {
    for (let times = 0; times < RULES.encodings; times += 1) {
      // a percent sign that encodes nothing stands for itself
      read = decodeURIComponent(read.replace(/%(?![0-9a-fA-F]{2})/g, "%25"));
    }
  } catch (notUtf8) {
    return read;
  }
  return read;
}

// CloudFront hands the query over in parts.
function queryText(querystring) {
  return Object.keys(querystring).map((name) => {
    const part = querystring[name];
    const values = part.multiValue || [part];
    return values.map((each) => (each.value ? name + "=" + each.value : name)).join("&");
  }).join("&");
}

function match(name, text) {
  return new RegExp(RULES.patterns[name], "i").exec(text);
}

function found(name, text) {
  const groups = match(name, text);
  return groups ? groups[1].toLowerCase() : null;
}
