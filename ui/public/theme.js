// SPDX-License-Identifier: Apache-2.0
// Sets the colour scheme before the first paint; a file of its own because the CSP forbids inline scripts.
(function () {
  var scheme = 'auto';
  try {
    scheme = localStorage.getItem('dangol-scheme') || 'auto';
  } catch {
    // Storage is blocked: follow the system.
  }
  var dark = scheme === 'dark' || (scheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
