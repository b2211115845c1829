(function () {
  /* `compared` is what a file turned out to be: a word of the page, the values in it, and its colour. */
  var turn = 0;
  var state = { receipt: null, busy: "", problem: null, compared: null };

  function render() {
    Frame.show("progress", Boolean(state.busy));
    Frame.byId("progress").textContent = state.busy ? Frame.word(state.busy) : "";
    Frame.byId("check").disabled = Boolean(state.busy);
    Frame.show("problem", Boolean(state.problem));
    Frame.byId("problem-text").textContent = state.problem ? Frame.word(state.problem.key) : "";
    Frame.show("retry", Boolean(state.problem && state.problem.retry));
    Frame.show("receipt", Boolean(state.receipt));
    if (state.receipt) {
      renderReceipt(state.receipt);
    }
  }

  function renderReceipt(receipt) {
    Frame.facts(Frame.byId("receipt-facts"), [
      ["number", receipt.number],
      ["organism", Frame.organism(receipt.organism.name)],
      ["submitted_at", Frame.moment(receipt.submitted_at)],
      ["sender_kind", Frame.word("kind_" + receipt.sender_kind)]
    ]);
    var list = Frame.byId("digests");
    list.textContent = "";
    list.appendChild(digest(Frame.word("receipt_pdf"), receipt.receipt_sha256 || Frame.word("receipt_pending")));
    list.appendChild(digest(Frame.word("record"), receipt.record_sha256));
    receipt.attachments.forEach(function (each, index) {
      var title = Frame.word("attachment", { rank: index + 1 }) + " (" + Frame.size(each.size) + ")";
      list.appendChild(digest(title, each.sha256));
    });
    Frame.history(Frame.byId("receipt-history"), receipt.history);
    renderComparison(state.compared);
  }

  function renderComparison(compared) {
    var box = Frame.byId("comparison");
    var file = Frame.byId("file").files[0];
    Frame.byId("file-name").textContent = file ? file.name : "";
    Frame.show("comparison", Boolean(compared));
    if (compared) {
      box.className = "box " + compared.colour;
      box.textContent = Frame.word(compared.key, compared.values);
    }
  }

  function digest(title, value) {
    var line = Frame.element("li");
    line.appendChild(Frame.element("strong", title));
    line.appendChild(Frame.element("span", value, "digest"));
    return line;
  }

  function check() {
    var code = Frame.typed("code");
    turn += 1;
    var mine = turn;
    state.receipt = state.compared = state.problem = null;
    state.busy = "checking";
    Frame.byId("file").value = "";
    render();
    Frame.ask("v1/receipts/" + encodeURIComponent(code)).then(
      function (answer) {
        if (mine === turn) {
          state.busy = "";
          state.receipt = answer.body;
          render();
          Frame.byId("verdict").focus();
        }
      },
      function (problem) {
        if (mine === turn) {
          state.busy = "";
          state.problem = problem;
          render();
        }
      }
    );
  }

  function submit() {
    if (Frame.required("code", "code_missing")) {
      check();
    } else {
      Frame.byId("code").focus();
    }
  }

  function hexadecimal(buffer) {
    return Array.prototype.map.call(new Uint8Array(buffer), function (byte) {
      return (byte < 16 ? "0" : "") + byte.toString(16);
    }).join("");
  }

  function read(file) {
    return new Promise(function (resolve, reject) {
      var reader = new FileReader();
      reader.onload = function () { resolve(reader.result); };
      reader.onerror = function () { reject(reader.error); };
      reader.readAsArrayBuffer(file);
    });
  }

  function found(receipt, sha256) {
    // with a time stamp that was added later and without: each is the receipt
    if (sha256 === receipt.receipt_sha256 || receipt.versions.indexOf(sha256) >= 0) {
      return { key: "same_receipt", colour: "good" };
    }
    for (var index = 0; index < receipt.attachments.length; index += 1) {
      if (sha256 === receipt.attachments[index].sha256) {
        return { key: "same_attachment", values: { rank: index + 1 }, colour: "good" };
      }
    }
    return { key: receipt.receipt_sha256 ? "differs" : "differs_yet", colour: "bad" };
  }

  function tell(compared) {
    state.compared = compared;
    render();
  }

  function compare() {
    var receipt = state.receipt;
    var file = Frame.byId("file").files[0];
    if (!file) {
      tell(null);
      return;
    }
    if (!window.crypto || !window.crypto.subtle) {
      tell({ key: "cannot_compare", colour: "bad" });
      return;
    }
    tell({ key: "comparing", colour: "busy" });
    read(file).then(function (bytes) {
      return window.crypto.subtle.digest("SHA-256", bytes);
    }).then(
      function (sha256) {
        if (state.receipt === receipt) {
          tell(found(receipt, hexadecimal(sha256)));
        }
      },
      function () {
        tell({ key: "cannot_read", colour: "bad" });
      }
    );
  }

  function fromLink() {
    var parts = Frame.takeFragment();
    if (parts.length) {
      Frame.byId("code").value = parts[0];
      submit();
    }
  }

  Frame.byId("form").addEventListener("submit", function (event) {
    event.preventDefault();
    submit();
  });
  Frame.byId("retry").addEventListener("click", check);
  Frame.byId("file").addEventListener("change", compare);
  window.addEventListener("hashchange", fromLink);
  Frame.start(render);
  fromLink();
}());
