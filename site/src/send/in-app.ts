/** Browsers inside other apps: many of them open no file chooser, or lose what was typed when one looks elsewhere. */

const NAMED = /FBAN|FBAV|FB_IAB|Instagram|MicroMessenger|Snapchat|BytedanceWebview|musical_ly|TikTok|LinkedInApp|Line\/|Twitter|Pinterest|GSA\//;
/** Android's own mark for a page inside an app. */
const ANDROID_VIEW = /Android.*; wv\)/;
/** On iOS only browsers say "Safari" (Chrome and Firefox too). */
const IOS_VIEW = /\((?:iPhone|iPad|iPod)[^)]*\) AppleWebKit(?!.*Safari\/)/;

/** Whether this browser lies inside another app, as far as its name says. */
export function isInApp(userAgent: string): boolean {
  return [NAMED, ANDROID_VIEW, IOS_VIEW].some((each) => each.test(userAgent));
}
