(function () {
  var MOST_POLLS = 60;
  /* What is on the page: nothing is kept anywhere else, and closing forgets it. */
  var state = { mail: null, token: null, busy: "", problem: null, retry: null };
  /* The number and code of a message's link, which may have reached a stranger; what the page shows of that. */
  var link = null;
  var asking = false;
  var ended = false;
  /* Counts what was asked for: an answer that comes after the mail was closed belongs to nobody. */
  var turn = 0;
  var expiry = 0;

  function render() {
    Frame.show("form", !state.mail && !asking);
    Frame.show("stranger", asking);
    Frame.show("ended", ended);
    Frame.byId("ended").textContent = ended ? Frame.word("not_mine_done") : "";
    Frame.show("not-mine", Boolean(link));
    Frame.byId("not-mine-sure").disabled = Frame.byId("not-mine-back").disabled = Boolean(state.busy);
    Frame.show("progress", Boolean(state.busy));
    Frame.byId("progress").textContent = state.busy ? Frame.word(state.busy) : "";
    Frame.byId("find").disabled = Frame.byId("receipt").disabled = Boolean(state.busy);
    Frame.byId("follow-there").disabled = Boolean(state.busy);
    Frame.show("problem", Boolean(state.problem));
    Frame.byId("problem-text").textContent = state.problem ? Frame.word(state.problem.key) : "";
    Frame.show("retry", Boolean(state.problem && state.problem.retry));
    Frame.show("mail", Boolean(state.mail));
    if (state.mail) {
      renderMail(state.mail);
    }
  }

  function renderMail(mail) {
    Frame.byId("mail-number").textContent = Frame.word("mail_heading", { number: mail.number });
    Frame.byId("mail-status").textContent = Frame.word("status_" + mail.status);
    Frame.byId("mail-next").textContent = Frame.word("next_" + mail.status);
    renderReach(mail.sender);
    var facts = [["organism", Frame.organism(mail.organism.name)], ["subject", mail.letter.subject]];
    if (mail.submitted_at) {
      facts.push(["submitted_at", Frame.moment(mail.submitted_at)]);
    }
    if (mail.redirected_from) {
      facts.push(["redirected_from", elsewhere(mail.redirected_from)]);
    }
    Frame.facts(Frame.byId("mail-facts"), facts);
    renderOutcome(mail.outcome);
    renderAttachments(mail.attachments);
    Frame.history(Frame.byId("mail-history"), mail.history);
  }

  /* Whoever no message reaches must learn it here: there is no other place. */
  function renderReach(sender) {
    var lost = Boolean(sender) && !sender.reachable_by_email && (Boolean(sender.email) || !sender.reachable_by_sms);
    Frame.show("reach", lost);
    Frame.byId("reach").textContent = lost ? Frame.word(sender.reachable_by_sms ? "reach_by_sms" : "reach_none") : "";
  }

  function elsewhere(other) {
    return Frame.word("elsewhere", { organism: Frame.organism(other.name), number: other.number });
  }

  function renderOutcome(outcome) {
    Frame.show("outcome", Boolean(outcome));
    if (!outcome) {
      return;
    }
    Frame.byId("outcome-at").textContent = Frame.moment(outcome.at);
    Frame.byId("outcome-message").textContent = outcome.message;
    var list = Frame.byId("outcome-files");
    list.textContent = "";
    outcome.attachments.forEach(function (each) {
      var line = fileLine(each);
      if (each.url) {
        line.appendChild(downloadButton(each));
      } else if (!each.reason) {
        line.appendChild(Frame.element("p", Frame.word("not_yet"), "hint"));
      }
      list.appendChild(line);
    });
    Frame.show("elsewhere", Boolean(outcome.redirected_to));
    if (outcome.redirected_to) {
      Frame.facts(Frame.byId("elsewhere-facts"), [["redirected_to", elsewhere(outcome.redirected_to)]]);
    }
  }

  function downloadButton(file) {
    var button = Frame.element("button", Frame.word("download"));
    button.type = "button";
    button.disabled = Boolean(state.busy);
    button.setAttribute("aria-label", Frame.word("download") + " " + file.file_name);
    button.addEventListener("click", function () {
      work("preparing_file", function (wanted) { return fetchFile(wanted, file.attachment_id); });
    });
    return button;
  }

  /* Addresses work for a minute: each download asks for a new one. */
  function fetchFile(wanted, attachment_id) {
    return Frame.ask(mailPath(), authorised()).then(function (answer) {
      if (!wanted()) {
        return;
      }
      keep(answer.body);
      var found = state.mail.outcome.attachments.filter(function (each) {
        return each.attachment_id === attachment_id;
      })[0];
      if (!found || !/^https?:/.test(found.url)) {
        throw new Frame.Problem("problem_file", true);
      }
      var link = Frame.element("a");
      link.href = found.url;
      link.rel = "noopener noreferrer";
      link.click();
    });
  }

  function fileLine(file) {
    var line = Frame.element("li");
    line.appendChild(Frame.element("strong")).appendChild(Frame.element("bdi", file.file_name));
    line.appendChild(Frame.element("span", Frame.size(file.size)));
    if (file.reason) {
      line.appendChild(Frame.element("p", file.reason, "wrong"));
    }
    return line;
  }

  function renderAttachments(attachments) {
    var list = Frame.byId("mail-attachments");
    list.textContent = "";
    attachments.forEach(function (each) {
      list.appendChild(fileLine(each));
    });
    if (!attachments.length) {
      list.appendChild(Frame.element("li", Frame.word("no_attachments")));
    }
  }

  /* The service words why a file is blocked, in the language that it was asked in. */
  function spoken() {
    render();
    if (state.mail && state.mail.spoken !== document.documentElement.lang) {
      var mine = turn;
      Frame.ask(mailPath(), authorised()).then(function (answer) {
        if (mine === turn && state.mail) {
          keep(answer.body);
          render();
        }
      }, function () { /* The reasons stay as they were worded. */ });
    }
  }

  function keep(mail) {
    state.mail = mail;
    state.mail.spoken = document.documentElement.lang;
  }

  function work(progress, task) {
    turn += 1;
    var mine = turn;
    state.busy = progress;
    state.problem = null;
    state.retry = function () { work(progress, task); };
    render();
    task(function () { return mine === turn; }).then(
      function () { done(mine, null); },
      function (error) {
        done(mine, error instanceof Frame.Problem ? error : new Frame.Problem("problem_service", true));
      }
    );
  }

  function done(mine, problem) {
    if (mine === turn) {
      state.busy = "";
      state.problem = problem;
      render();
    }
  }

  function mailPath() {
    return "v1/mails/" + encodeURIComponent(state.mail.mail_id);
  }

  function authorised() {
    return { headers: { Authorization: "Bearer " + state.token } };
  }

  function comeBack(number, code) {
    return Frame.ask("v1/follow-up", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ number: number, follow_up_code: code })
    });
  }

  /* Nothing of the mail is asked for, so nothing of it can be shown. A link that opens nothing has ended already. */
  function endLink(wanted) {
    return comeBack(link.number, link.code).then(function (found) {
      return Frame.ask("v1/mails/" + encodeURIComponent(found.body.mail_id) + "/not-mine", {
        method: "POST",
        headers: { Authorization: "Bearer " + found.body.access_token }
      });
    }).then(null, function (error) {
      if (!(error instanceof Frame.Problem) || error.key !== "problem_not_found") {
        throw error;
      }
    }).then(function () {
      if (wanted()) {
        forget();
        ended = true;
        render();
      }
    });
  }

  function askWhose() {
    var known = link;
    forget();
    link = known;
    asking = true;
    render();
    Frame.byId("stranger-title").focus();
  }

  function find(wanted) {
    return comeBack(Frame.typed("number"), Frame.typed("code")).then(function (found) {
      if (!wanted()) {
        return undefined;
      }
      state.token = found.body.access_token;
      return Frame.ask("v1/mails/" + encodeURIComponent(found.body.mail_id), authorised());
    }).then(function (answer) {
      if (wanted()) {
        keep(answer.body);
        render();
        Frame.byId("mail-number").focus();
      }
    });
  }

  function later(seconds) {
    return new Promise(function (resolve) {
      window.setTimeout(resolve, Math.min(seconds, 10) * 1000);
    });
  }

  function fetchReceipt(wanted, left) {
    return Frame.ask(mailPath() + "/receipt", authorised()).then(function (answer) {
      if (!wanted()) {
        return undefined;
      }
      if (answer.status !== 202) {
        return offer(answer.body, answer.at);
      }
      if (!left) {
        throw new Frame.Problem("problem_receipt_late", true);
      }
      return later(answer.wait).then(function () {
        return wanted() ? fetchReceipt(wanted, left - 1) : undefined;
      });
    });
  }

  function offer(receipt, at) {
    if (!/^https?:/.test(receipt.url)) {
      throw new Frame.Problem("problem_service", true);
    }
    var link = Frame.byId("receipt-link");
    link.href = receipt.url;
    Frame.show("receipt", false);
    Frame.show("receipt-link", true);
    offerSlip(receipt.slip);
    window.clearTimeout(expiry);
    expiry = window.setTimeout(withdraw, lifetime(new Date(receipt.expires_at).getTime() - at));
    link.focus();
    link.click();
  }

  /* Receipts of former times have none. */
  function offerSlip(slip) {
    var there = Boolean(slip) && /^https?:/.test(slip.url);
    if (there) {
      Frame.byId("slip-link").href = slip.url;
    }
    Frame.show("slip-link", there);
  }

  /* By the server's own clock: a telephone's may be wrong by years. */
  function lifetime(milliseconds) {
    return isFinite(milliseconds) ? Math.min(Math.max(milliseconds, 0), 3600000) : 240000;
  }

  /* The address works for minutes: past them the button asks for another. */
  function withdraw() {
    ["receipt-link", "slip-link"].forEach(function (id) {
      Frame.byId(id).removeAttribute("href");
      Frame.show(id, false);
    });
    Frame.show("receipt", true);
  }

  function forget() {
    turn += 1;
    state.mail = state.token = state.problem = state.retry = null;
    state.busy = "";
    link = null;
    asking = ended = false;
    Frame.byId("number").value = Frame.byId("code").value = "";
    [
      "mail-number", "reach", "mail-facts", "mail-attachments", "mail-history",
      "outcome-at", "outcome-message", "outcome-files", "elsewhere-facts"
    ].forEach(function (id) {
      Frame.byId(id).textContent = "";
    });
    withdraw();
    render();
  }

  function submit() {
    var number = Frame.required("number", "number_missing");
    var code = Frame.required("code", "code_missing");
    if (number && code) {
      work("searching", find);
    } else {
      Frame.byId(number ? "code" : "number").focus();
    }
  }

  function fromLink() {
    var parts = Frame.takeFragment();
    if (parts.length) {
      forget();
      Frame.byId("number").value = parts[0];
      Frame.byId("code").value = parts[1] || "";
      link = parts[1] ? { number: Frame.typed("number"), code: Frame.typed("code") } : null;
      if (link && /^not-mine$/i.test(parts[2])) {
        askWhose();
      } else {
        submit();
      }
    }
  }

  Frame.byId("not-mine").addEventListener("click", askWhose);
  Frame.byId("not-mine-sure").addEventListener("click", function () { work("not_mine_ending", endLink); });
  Frame.byId("not-mine-back").addEventListener("click", function () {
    forget();
    Frame.byId("number").focus();
  });
  Frame.byId("form").addEventListener("submit", function (event) {
    event.preventDefault();
    link = null;
    ended = false;
    submit();
  });
  Frame.byId("retry").addEventListener("click", function () { state.retry(); });
  Frame.byId("receipt").addEventListener("click", function () {
    work("preparing", function (wanted) { return fetchReceipt(wanted, MOST_POLLS); });
  });
  Frame.byId("follow-there").addEventListener("click", function () {
    var there = state.mail.outcome.redirected_to;
    forget();
    Frame.byId("number").value = there.number;
    Frame.byId("code").value = there.follow_up_code;
    submit();
  });
  Frame.byId("close").addEventListener("click", function () {
    forget();
    Frame.byId("number").focus();
  });
  /* On a shared computer, "back" must not show the mail again. */
  window.addEventListener("pagehide", forget);
  window.addEventListener("hashchange", fromLink);
  Frame.start(spoken);
  fromLink();
}());
