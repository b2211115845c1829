// Facts about what is drawn; `layout.py` says what each is for. Evaluates to an object of functions.
(() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";

  /** `unseen` is the class of texts for screen readers alone. */
  const shown = (element) => {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && !element.closest(".unseen");
  };

  const named = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const classes = [...element.classList].map((name) => `.${name}`).join("");
    const text = (element.textContent || element.value || "").trim().replace(/\s+/g, " ").slice(0, 60);
    return `${element.localName}${id}${classes} "${text}"`;
  };

  const above = function* (element) {
    for (let each = element; each; each = each.parentElement) yield each;
  };
  const floats = (element) =>
    [...above(element)].some((each) => ["fixed", "sticky"].includes(getComputedStyle(each).position));
  const all = () => [...document.body.querySelectorAll("*")].filter(shown);
  const controls = () => [...document.querySelectorAll(CONTROLS)].filter(shown);

  const overflow = () => {
    const root = document.documentElement;
    const scrolls = (element) =>
      [...above(element.parentElement)].some(
        (each) => each !== document.body && each !== root && ["auto", "scroll"].includes(getComputedStyle(each).overflowX),
      );
    const found = all()
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return (box.left < -1 || box.right > root.clientWidth + 1) && !scrolls(element);
      })
      .map((element) => `wider than the screen: ${named(element)}`);
    if (root.scrollWidth > root.clientWidth) {
      found.push(`scrolls sideways: ${root.scrollWidth} of ${root.clientWidth} px`);
    }
    return found;
  };

  const cut = () => {
    const clips = (overflow) => ["hidden", "clip"].includes(overflow);
    return all()
      .filter((element) => !["input", "textarea", "select"].includes(element.localName) && element.textContent.trim())
      .filter((element) => {
        const style = getComputedStyle(element);
        return (
          (clips(style.overflowX) && element.scrollWidth > element.clientWidth + 1) ||
          (clips(style.overflowY) && element.scrollHeight > element.clientHeight + 1)
        );
      })
      .map((element) => `cut off: ${named(element)}`);
  };

  const lines = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      const isDrawn = !["script", "style", "noscript", "option"].includes(parent.localName) && node.data.trim();
      if (!isDrawn || !shown(parent) || floats(parent)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) if (box.width > 2 && box.height > 2) found.push({ parent, box });
    }
    return found.sort((one, other) => one.box.top - other.box.top);
  };

  const overlaps = () => {
    const texts = lines();
    const found = new Set();
    texts.forEach((one, at) => {
      for (const other of texts.slice(at + 1)) {
        if (other.box.top >= one.box.bottom) break;
        if (one.parent.contains(other.parent) || other.parent.contains(one.parent)) continue;
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - other.box.top;
        // Line boxes are higher than letters: half a line is an overlap that one sees.
        if (across > 2 && down > Math.min(one.box.height, other.box.height) / 2) {
          found.add(`${named(one.parent)} lies over ${named(other.parent)}`);
        }
      }
    });
    return [...found];
  };

  const small = (least) => {
    const isInSentence = (element) =>
      ["a", "button"].includes(element.localName) &&
      getComputedStyle(element).display === "inline" &&
      element.parentElement.textContent.trim().length > element.textContent.trim().length;
    const targets = controls().map((element) => {
      // Who presses a label presses its control.
      const boxes = [element, ...(element.labels ?? [])].map((each) => each.getBoundingClientRect());
      const end = (side) => Math.max(...boxes.map((box) => box[side]));
      const start = (side) => Math.min(...boxes.map((box) => box[side]));
      return { element, left: start("left"), right: end("right"), top: start("top"), bottom: end("bottom") };
    });
    const isSmall = (target) => target.bottom - target.top < least || target.right - target.left < least;
    /** Distance from the middle of a small target to the nearest point of another one. */
    const distance = (one, other) => {
      const [x, y] = [(one.left + one.right) / 2, (one.top + one.bottom) / 2];
      return isSmall(other)
        ? Math.hypot(x - (other.left + other.right) / 2, y - (other.top + other.bottom) / 2) - least / 2
        : Math.hypot(Math.max(other.left - x, 0, x - other.right), Math.max(other.top - y, 0, y - other.bottom));
    };
    const isApart = (one) => targets.every((other) => other === one || distance(one, other) >= least / 2);
    return targets
      .filter((target) => isSmall(target) && !isInSentence(target.element) && !isApart(target))
      .map(({ element }) => `smaller than ${least} px: ${named(element)}`);
  };

  /** The control that has the focus: whether it is marked, and whether any of it can be seen. */
  const focused = () => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    // The browser's own ring is "auto" and 1 px, and drawn wider.
    const isRing = style.outlineStyle === "auto" || parseFloat(style.outlineWidth) >= 2;
    const isMarked = (style.outlineStyle !== "none" && isRing) || style.boxShadow !== "none";
    const points = [0.1, 0.5, 0.9].flatMap((x) =>
      [0.1, 0.5, 0.9].map((y) => [box.left + box.width * x, box.top + box.height * y]),
    );
    const isSeen = points.some(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      const parts = [element, ...(element.labels ?? [])];
      return top && parts.some((part) => part.contains(top));
    });
    const marks = (globalThis.reached ??= new WeakMap());
    if (!marks.has(element)) marks.set(element, (globalThis.count = (globalThis.count ?? 0) + 1));
    return { id: marks.get(element), name: named(element), isMarked, isSeen };
  };

  /** Nothing has the focus, and the Tab key begins at the page's first control. */
  const atTheBeginning = () => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.blur();
    document.body.removeAttribute("tabindex");
    scrollTo(0, 0);
  };

  /** Controls in the order of the page, each focused as by a key: those without a mark, or hidden. */
  const focusEach = () =>
    controls().flatMap((element) => {
      element.focus({ focusVisible: true });
      if (document.activeElement !== element) return [];
      const { name, isMarked, isSeen } = focused();
      // a frame marks the focus inside itself
      const found = isMarked || element.localName === "iframe" ? [] : [`focus without a mark: ${name}`];
      return isSeen ? found : [...found, `focus hidden: ${name}`];
    });

  const moving = () =>
    document
      .getAnimations()
      .filter((each) => each.playState === "running" && each.effect.getComputedTiming().duration > 10)
      .map((each) => `moves: ${named(each.effect.target)}`);

  const withoutEdge = () =>
    [...document.querySelectorAll("button, input:not([type=hidden]), select, textarea")]
      .filter((element) => shown(element) && element.type !== "file")
      .filter((element) => {
        const style = getComputedStyle(element);
        const isNative = style.appearance !== "none" && ["radio", "checkbox"].includes(element.type);
        const hasEdge = !["none", "hidden"].includes(style.borderBlockEndStyle);
        return !isNative && !hasEdge && style.textDecorationLine === "none";
      })
      .map((element) => `no edge in forced colours: ${named(element)}`);

  const count = () => controls().length;

  return { overflow, cut, overlaps, small, focused, atTheBeginning, focusEach, moving, withoutEdge, count };
})()
