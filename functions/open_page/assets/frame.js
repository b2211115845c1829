"use strict";
/* What both pages share: words, languages, requests, times, and writing text into the page. */
var Frame = (function () {
  var data = JSON.parse(document.getElementById("data").textContent);
  var words = data.words;
  var language = "fr";
  var listeners = [];

  function byId(id) {
    return document.getElementById(id);
  }

  function word(key, values) {
    var text = words[language][key];
    if (text === undefined) {
      return key;
    }
    return text.replace(/\{(\w+)\}/g, function (whole, name) {
      return values && name in values ? String(values[name]) : whole;
    });
  }

  function element(tag, text, className) {
    var made = document.createElement(tag);
    if (text !== undefined) {
      made.textContent = text;
    }
    if (className) {
      made.className = className;
    }
    return made;
  }

  function show(id, shown) {
    byId(id).hidden = !shown;
  }

  function remembered() {
    try {
      return window.localStorage.getItem("language");
    } catch (refused) {
      return null;
    }
  }

  function remember(chosen) {
    try {
      window.localStorage.setItem("language", chosen);
    } catch (refused) {
      /* A browser that keeps nothing asks again next time. */
      return;
    }
  }

  function preferred() {
    var asked = (/[?&]lang=(ar|fr|en)\b/.exec(window.location.search) || [])[1];
    var known = [asked, remembered()].concat(window.navigator.languages || [window.navigator.language]);
    for (var each = 0; each < known.length; each += 1) {
      var short = String(known[each] || "").slice(0, 2).toLowerCase();
      if (words[short]) {
        return short;
      }
    }
    return "fr";
  }

  function speak(chosen) {
    language = chosen;
    document.documentElement.lang = chosen;
    document.documentElement.dir = chosen === "ar" ? "rtl" : "ltr";
    document.title = word("title") + " – " + word("service");
    document.querySelectorAll("[data-word]").forEach(function (each) {
      each.textContent = word(each.getAttribute("data-word"));
    });
    document.querySelectorAll("[data-language]").forEach(function (each) {
      each.setAttribute("aria-pressed", String(each.getAttribute("data-language") === chosen));
    });
    listeners.forEach(function (listener) {
      listener();
    });
  }

  /* Where a gateway takes "suivi/" for "suivi", the addresses that this page asks would all be one level too deep. */
  function leaveSlash() {
    var path = window.location.pathname;
    if (/\/$/.test(path)) {
      var place = path.replace(/\/+$/, "") + window.location.search + window.location.hash;
      window.history.replaceState(null, "", place);
    }
  }

  function start(listener) {
    listeners.push(listener);
    leaveSlash();
    document.querySelectorAll("[data-language]").forEach(function (each) {
      each.addEventListener("click", function () {
        remember(each.getAttribute("data-language"));
        speak(each.getAttribute("data-language"));
      });
    });
    speak(preferred());
    show("without-script", false);
    show("with-script", true);
  }

  /* What follows "#" in the address, once: it is taken out of the address bar and the history. Mailers encode it
     once more, and some put parameters of their own behind it. */
  function takeFragment() {
    var fragment = window.location.hash.slice(1);
    if (!fragment || fragment === "main") {
      return [];
    }
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    try {
      for (var times = 0; times < 3; times += 1) {
        fragment = decodeURIComponent(fragment);
      }
    } catch (malformed) {
      return [];
    }
    return fragment.replace(/^#+/, "").split(/[?&]/)[0].split("/");
  }

  /* As on paper: capitals, Western digits, no spaces around. The API reads all else that people type, so nothing is
     refused here but an empty field. */
  function typed(id) {
    return byId(id).value
      .normalize("NFKC")
      .replace(/[٠-٩۰-۹]/g, function (digit) { return String(digit.charCodeAt(0) & 15); })
      .replace(/[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/g, "")
      .replace(/[\u2010-\u2015\u2043\u2212\ufe58\ufe63\u0640]/g, "-")
      .trim()
      .toUpperCase();
  }

  function required(id, message) {
    var empty = !typed(id);
    byId(id).setAttribute("aria-invalid", String(empty));
    byId(id + "-wrong").textContent = empty ? word(message) : "";
    show(id + "-wrong", empty);
    return !empty;
  }

  function Problem(key, retry) {
    this.key = key;
    this.retry = retry;
  }

  /* "There is none" is our word alone: a 404 of whatever stands between may not call a receipt false. */
  function problemOf(answer) {
    var status = answer.status;
    var ours = /^application\/problem\+json\b/.test(answer.headers.get("Content-Type") || "");
    if (status === 404 && ours) {
      return new Problem("problem_not_found", false);
    }
    if (status === 422 || status === 400) {
      return new Problem("problem_fields", false);
    }
    return new Problem(status === 429 ? "problem_slow" : "problem_service", true);
  }

  /* The answer's status, body and wish to wait; a Problem to show when there is none. `path` begins where the
     page's own address ends: the API may stand under a path of its own. */
  function ask(path, options) {
    var request = options || {};
    var stopper = window.AbortController ? new AbortController() : null;
    var alarm = window.setTimeout(function () {
      if (stopper) {
        stopper.abort();
      }
    }, 30000);
    request.cache = "no-store";
    request.credentials = "omit";
    request.headers = Object.assign({ "Accept-Language": language }, request.headers);
    if (stopper) {
      request.signal = stopper.signal;
    }
    return window.fetch(path, request).then(
      function (answer) {
        if (!answer.ok) {
          throw problemOf(answer);
        }
        return (answer.status === 204 ? Promise.resolve(null) : answer.json()).then(function (body) {
          return {
            status: answer.status,
            body: body,
            wait: Number(answer.headers.get("Retry-After")) || 1,
            at: new Date(answer.headers.get("Date") || NaN).getTime()
          };
        });
      }
    ).then(
      function (result) {
        window.clearTimeout(alarm);
        return result;
      },
      function (error) {
        window.clearTimeout(alarm);
        throw error instanceof Problem ? error : new Problem("problem_network", true);
      }
    );
  }

  function pad(number) {
    return (number < 10 ? "0" : "") + number;
  }

  /* Minutes that Moroccan clocks were ahead of UTC: the page knows, for the device may not. */
  function minutesAhead(instant) {
    var ahead = data.offsets[0][1];
    data.offsets.forEach(function (each) {
      if (instant >= each[0] * 1000) {
        ahead = each[1];
      }
    });
    return ahead;
  }

  function moment(text) {
    var instant = new Date(text).getTime();
    var ahead = minutesAhead(instant);
    var local = new Date(instant + ahead * 60000);
    return word("moment", {
      day: local.getUTCDate(),
      month: word("month_" + (local.getUTCMonth() + 1)),
      year: local.getUTCFullYear(),
      time: pad(local.getUTCHours()) + ":" + pad(local.getUTCMinutes()),
      offset: (ahead < 0 ? "-" : "+") + pad(Math.floor(Math.abs(ahead) / 60)) + ":" + pad(Math.abs(ahead) % 60)
    });
  }

  function size(bytes) {
    if (bytes < 1024) {
      return word("bytes", { size: bytes });
    }
    var kilobytes = bytes / 1024;
    return kilobytes < 1024
      ? word("kilobytes", { size: Math.round(kilobytes) })
      : word("megabytes", { size: (kilobytes / 1024).toFixed(1).replace(".", word("decimal_mark")) });
  }

  function organism(names) {
    return language === "ar" ? names.ar : names.fr;
  }

  function facts(list, pairs) {
    list.textContent = "";
    pairs.forEach(function (pair) {
      list.appendChild(element("dt", word(pair[0])));
      var value = element("dd");
      value.appendChild(element("bdi", pair[1]));
      list.appendChild(value);
    });
  }

  function history(list, events) {
    list.textContent = "";
    events.forEach(function (each) {
      var line = element("li");
      line.appendChild(element("strong", word("event_" + each.event)));
      line.appendChild(element("span", moment(each.at)));
      list.appendChild(line);
    });
  }

  return {
    ask: ask, byId: byId, element: element, facts: facts, history: history, moment: moment,
    organism: organism, Problem: Problem, required: required, show: show, size: size, start: start,
    takeFragment: takeFragment, typed: typed, word: word
  };
}());
