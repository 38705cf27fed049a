"""What a page of report.sh or study.sh is in headless Chromium: browser.py PAGE [SCREENSHOT_PREFIX]

Prints a line a fact: errors on the console, dialogs, pictures, those without a size, whether a click on a key's entry
hides its curve and another shows it, whether the pointer's place is told, how far a phone must scroll sideways, whether a
dark scheme makes the page dark. With a prefix, screenshots PREFIX-light.png, -dark.png and -phone.png.
"""
import pathlib
import sys

from selenium import webdriver
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.chrome.service import Service

TOGGLE = """
var figure = Array.from(document.querySelectorAll('figure')).find(function (f) { return f.querySelector('[data-entry]'); });
if (!figure) return 'none';
var entry = figure.querySelector('[data-entry]');
function hidden() { return figure.querySelectorAll('.off, [id*="_plot_"][visibility="hidden"]').length; }
function click() { entry.dispatchEvent(new MouseEvent('click', {bubbles: true})); }
var before = hidden(); click(); var during = hidden(); click(); var after = hidden();
return before === 0 && during > 0 && after === 0 ? 'yes' : 'no';
"""
POINTER = """
var svg = document.querySelector('figure svg'), box = svg.getBoundingClientRect();
svg.dispatchEvent(new PointerEvent('pointermove', {bubbles: true, clientX: box.left + box.width * 0.5, clientY: box.top + box.height * 0.4}));
return /^\\(-?[0-9.e+-]+, -?[0-9.e+-]+\\)$/.test(svg.parentNode.querySelector('output').textContent) ? 'yes' : 'no';
"""
EMPTY = """
return Array.from(document.querySelectorAll('figure svg, figure img')).filter(function (p) {
    var box = p.getBoundingClientRect();
    return box.width < 100 || box.height < 60 || (p.tagName === 'svg' && p.querySelectorAll('path, use, polygon, image').length < 5);
}).length;
"""
DARK = """
var colour = getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number);
return colour[0] + colour[1] + colour[2] < 150 ? 'yes' : 'no';
"""


def scheme(driver, name):
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]})


def dialogs(driver):
    try:
        driver.switch_to.alert.dismiss()
        return 1
    except NoAlertPresentException:
        return 0


def shoot(driver, name):
    if len(sys.argv) > 2:
        driver.save_screenshot(sys.argv[2] + name)


def main():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    try:
        page = pathlib.Path(sys.argv[1]).resolve().as_uri()
        driver.set_window_size(1200, 1800)
        scheme(driver, "light")
        driver.get(page)
        print("dialogs", dialogs(driver))
        print("heading", driver.find_element("css selector", "h1").text)
        print("pictures", len(driver.find_elements("css selector", "figure svg, figure img")))
        print("empty", driver.execute_script(EMPTY))
        print("toggles", driver.execute_script(TOGGLE))
        print("pointer", driver.execute_script(POINTER))
        shoot(driver, "-light.png")
        scheme(driver, "dark")
        print("dark", driver.execute_script(DARK))
        shoot(driver, "-dark.png")
        scheme(driver, "light")
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                               {"width": 390, "height": 1600, "deviceScaleFactor": 1, "mobile": True})
        driver.get(page)
        print("sideways", driver.execute_script("return Math.max(0, document.documentElement.scrollWidth - innerWidth)"))
        shoot(driver, "-phone.png")
        print("errors", len(driver.get_log("browser")))
    finally:
        driver.quit()


main()
