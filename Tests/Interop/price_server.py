"""A small HTTP server on 127.0.0.1 for tests of what fetches: right and wrong answers by path.

usage: price_server.py FILE    prints its port, serves FILE as /prices.json, and ends with its standard input
"""

import http.server
import os
import sys
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/prices.json":
            with open(sys.argv[1], "rb") as file:
                self.answer(file.read())
        elif path == "/headers":
            self.answer("".join(f"{name}: {value}\n" for name, value in self.headers.items()).encode())
        elif path == "/bad.json":
            self.answer(b'{"gpt-5": {"litellm_provider"')
        elif path == "/page":
            self.answer(b"<html><body>Sign in</body></html>")
        elif path == "/moved":
            self.redirect("/prices.json")
        elif path == "/loop":
            self.redirect("/loop")
        elif path == "/elsewhere":
            self.redirect("file:///etc/hostname")
        elif path == "/cut":
            self.start(1000)
            self.wfile.write(b'{"gpt-5": ')
        elif path == "/announced":
            self.start(1 << 30)
            self.stream()
        elif path == "/endless":
            self.start(None)
            self.stream()
        elif path == "/silent":
            # Whoever asked hangs up.
            self.rfile.read(1)
        else:
            self.send_error(404)

    def start(self, size):
        self.send_response(200)
        if size is not None:
            self.send_header("Content-Length", str(size))
        self.end_headers()

    def answer(self, body):
        self.start(len(body))
        self.wfile.write(body)

    def redirect(self, where):
        self.send_response(302)
        self.send_header("Location", where)
        self.end_headers()

    def stream(self):
        try:
            while True:
                self.wfile.write(b" " * 65536)
        except OSError:
            pass

    def log_message(self, *_):
        pass


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main()
