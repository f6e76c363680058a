#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The HTML report in a real browser: it renders without a message on the console and loads nothing, fits a screen of
360 pixels, works with the keyboard, and hostile names stay text. Reports of a passing and of a failing subject.

With MXCTS_SHOTS=FOLDER screenshots are left there, to be looked at.
"""
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

BUILD, SOURCE = os.environ['MXCTS_BUILDDIR'], os.environ['MXCTS_SRCDIR']
MXCTS = os.path.join(BUILD, 'tools', 'mxcts')
BROWSER = next((path for path in map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome')) if path), None)
HOSTILE = '<script>alert(1)</script>&"\''
failed = 0


def check(good, what):
    global failed
    if not good:
        failed += 1
        print(f'FAIL: {what}')


class Browser:
    """The DevTools protocol over a pipe: what it is told is written to descriptor 3, what it says read from 4."""

    def __init__(self, folder):
        here_in, there_out = os.pipe()
        there_in, here_out = os.pipe()

        def wire():
            kept = os.dup(there_in), os.dup(there_out)
            os.dup2(kept[0], 3)
            os.dup2(kept[1], 4)

        command = [BROWSER, '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage',
                   '--remote-debugging-pipe', f'--user-data-dir={folder}/profile', 'about:blank']
        self.process = subprocess.Popen(command, pass_fds=(3, 4), preexec_fn=wire, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(there_in)
        os.close(there_out)
        self.reader, self.writer = os.fdopen(here_in, 'rb'), os.fdopen(here_out, 'wb')
        self.rest, self.number, self.events, self.session = b'', 0, [], None
        target = self('Target.createTarget', url='about:blank')['targetId']
        self.session = self('Target.attachToTarget', targetId=target, flatten=True)['sessionId']
        for domain in ('Page', 'Runtime', 'Log', 'Network'):
            self(f'{domain}.enable')

    def message(self):
        while b'\0' not in self.rest:
            more = os.read(self.reader.fileno(), 1 << 16)
            if not more:
                raise RuntimeError('the browser ended')
            self.rest += more
        text, self.rest = self.rest.split(b'\0', 1)
        return json.loads(text)

    def __call__(self, method, **params):
        self.number += 1
        order = {'id': self.number, 'method': method, 'params': params}
        if self.session:
            order['sessionId'] = self.session
        self.writer.write(json.dumps(order).encode() + b'\0')
        self.writer.flush()
        while True:
            said = self.message()
            if said.get('id') == self.number:
                if 'error' in said:
                    raise RuntimeError(f'{method}: {said["error"]}')
                return said['result']
            self.events.append(said)

    def value(self, expression):
        return self('Runtime.evaluate', expression=expression, returnByValue=True)['result'].get('value')

    def open(self, path, width):
        self('Emulation.setDeviceMetricsOverride', width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.events = []
        begun = time.monotonic()
        self('Page.navigate', url='file://' + path)
        while not any(event.get('method') == 'Page.loadEventFired' for event in self.events):
            self.events.append(self.message())
        self.value('document.body.getBoundingClientRect().height')
        return time.monotonic() - begun

    def key(self, name, code):
        for kind in ('rawKeyDown', 'char', 'keyUp'):
            self('Input.dispatchKeyEvent', type=kind, key=name, code=name, windowsVirtualKeyCode=code,
                 **({'text': '\r'} if name == 'Enter' and kind != 'keyUp' else {}))

    def shot(self, path, name):
        folder = os.environ.get('MXCTS_SHOTS')
        if folder:
            data = self('Page.captureScreenshot', captureBeyondViewport=True)['data']
            with open(os.path.join(folder, name + '.png'), 'wb') as out:
                out.write(base64.b64decode(data))

    def close(self):
        self.session = None
        try:
            self('Browser.close')
        except (RuntimeError, OSError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def messages(browser):
    said = []
    for event in browser.events:
        method = event.get('method')
        if method == 'Log.entryAdded':
            said.append(event['params']['entry']['text'])
        elif method in ('Runtime.consoleAPICalled', 'Runtime.exceptionThrown'):
            said.append(json.dumps(event['params'])[:200])
    return said


def look(browser, path, name, heading):
    seconds = browser.open(path, 1280)
    browser.value('0')
    check(not messages(browser), f'{name}: the console says {messages(browser)[:2]}')
    asked = [event['params']['request']['url'] for event in browser.events if event.get('method') == 'Network.requestWillBeSent']
    check(all(url == 'file://' + path or url.startswith('data:') for url in asked), f'{name}: loads {asked}')
    check(browser.value('document.querySelector("h1").textContent') == heading, f'{name}: the heading')
    check(browser.value('document.scripts.length') == 0, f'{name}: a script')
    check(browser.value('document.querySelectorAll("svg rect").length') > 20, f'{name}: no figure')
    check(browser.value('[...document.querySelectorAll("table")].every(t => t.caption && t.querySelector("th[scope=col]"))'),
          f'{name}: a table without caption or column heads')
    check(browser.value('[...document.querySelectorAll("svg")].every(s => s.getAttribute("aria-label"))'), f'{name}: a figure without a name')
    levels = browser.value('[...document.querySelectorAll("h1,h2,h3,h4")].map(h => +h.tagName[1])')
    check(levels[0] == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:])), f'{name}: levels of headings {levels}')
    ids = browser.value('[...document.querySelectorAll("a[href^=\'#\']")].every(a => document.getElementById(a.hash.slice(1)))')
    check(ids, f'{name}: a link to nowhere')
    browser.shot(path, f'{name}-1280')
    browser.value('document.querySelectorAll("details").forEach(d => d.open = true)')
    for width in (360, 390, 1280):
        browser('Emulation.setDeviceMetricsOverride', width=width, height=900, deviceScaleFactor=1, mobile=False)
        wide = browser.value('document.documentElement.scrollWidth')
        check(wide <= width, f'{name}: {wide} pixels wide on a screen of {width}')
    return seconds


def keyboard(browser, path):
    browser.open(path, 390)
    browser.key('Tab', 9)
    check(browser.value('document.activeElement.className') == 'skip', 'Tab does not reach the link past the head first')
    reached = set()
    for _ in range(400):
        browser.key('Tab', 9)
        reached.add(browser.value('document.activeElement.tagName + (document.activeElement.closest("details") ? "" : "")'))
        if browser.value('document.activeElement.tagName') == 'SUMMARY':
            break
    check({'A', 'SUMMARY'} <= reached, f'Tab reaches only {reached}')
    style = browser.value('getComputedStyle(document.activeElement).outlineStyle')
    check(style == 'solid', f'the focus is not visible: {style}')
    before = browser.value('document.activeElement.parentElement.open')
    browser.key('Enter', 13)
    check(browser.value('document.activeElement.parentElement.open') != before, 'Enter does not open or close')
    browser.shot(path, 'keyboard-390')


def report(folder, name, *arguments):
    path = os.path.join(folder, name + '.html')
    done = subprocess.run([MXCTS, 'run', '--format', 'html=' + path, *arguments], stdout=subprocess.PIPE, text=True, check=False)
    check(done.stdout.count('\n') > 5, f'{name}: the text report is not on standard output')
    return path, done.returncode


def faulty(folder):
    """The example subject with ties away from zero, and a name that wants to be markup."""
    with open(os.path.join(SOURCE, 'conformance', 'subjects', 'example.py'), encoding='utf-8') as text:
        lines = [line for line in text if 'code -= ' not in line]
    path = os.path.join(folder, 'faulty.py')
    with open(path, 'w', encoding='utf-8') as out:
        out.writelines(lines)
        out.write(f'# {HOSTILE}\n')
    return f'pipe:{sys.executable} {path} {HOSTILE!r}'.replace(repr(HOSTILE), "'<script>alert(1)</script>&\"'")


def main():
    if not BROWSER:
        print('no chromium: the page was not looked at')
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        good, status = report(folder, 'pass', '--op', 'cast', '--profile', 'ocp-mx-1.0')
        check(status == 0, f'the passing run exits with {status}')
        bad, status = report(folder, 'fail', '--subject', faulty(folder))
        check(status == 1, f'the failing run exits with {status}')
        with open(bad, encoding='utf-8') as text:
            page = text.read()
        check('&lt;script&gt;alert(1)' in page and '<script' not in page, 'a name of markup is markup')
        check(not re.search(r'(href|src)="(?!#|data:)', page), 'the page refers to something outside')
        browser = Browser(folder)
        try:
            look(browser, good, 'pass', 'Conforms')
            look(browser, bad, 'fail', 'Does not conform')
            keyboard(browser, bad)
        finally:
            browser.close()
    print('the page was looked at in', os.path.basename(BROWSER))
    sys.exit(failed != 0)


if __name__ == '__main__':
    main()
