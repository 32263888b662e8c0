/**
 * The page of judges in a real browser, and its server under load and attack. Tests with a browser
 * are skipped where there is no Chromium.
 */
package dev.tiebreak.tests.judge;
