#!/usr/bin/env python3
"""Generates a tree of coding agents' logs: Claude Code's and Codex's, mostly conversation, some usage.

usage: agent_logs.py FOLDER SIZE_MB [--files N]

Prints the counters that are in it, each use once, as JSON: what an import must find.
"""
import argparse, json, os, random

WORDS = ("the build fails because a test expects another value than this function returns when its input is empty so "
         "let me look at where it is called and what the caller does with \\\"quoted\\\" text and new\\nlines ").split()


def text(random, count):
    return " ".join(random.choices(WORDS, k=count))


def claude(random, path, session, size, totals):
    written, second = 0, random.randrange(20 * 86400)
    with open(path, "w") as file:
        while written < size:
            second += random.randrange(5, 60)
            stamp = f"2026-10-{1 + second // 86400 % 28:02d}T{second // 3600 % 24:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
            head = f'{{"parentUuid":"{random.getrandbits(64):016x}","isSidechain":false,"userType":"external","cwd":"/Users/dev/project-{session % 9}","sessionId":"{session:08x}-0000","version":"2.1.221","gitBranch":"main",'
            lines = [head + f'"type":"user","message":{{"role":"user","content":[{{"tool_use_id":"t","type":"tool_result","content":"{text(random, random.randrange(40, 400))}"}}]}},"uuid":"{random.getrandbits(64):016x}","timestamp":"{stamp}.000Z"}}\n']
            message, request = f"msg_{random.getrandbits(80):020x}", f"req_{random.getrandbits(80):020x}"
            model = random.choice(["claude-opus-5-5", "claude-haiku-5-5"])
            read, write, output = random.randrange(200000), random.randrange(9000), random.randrange(20, 3000)
            blocks = random.randrange(1, 4)
            for block in range(blocks):
                told = output if block == blocks - 1 else 3
                usage = f'{{"input_tokens":4,"cache_creation_input_tokens":{write},"cache_read_input_tokens":{read},"cache_creation":{{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":{write}}},"output_tokens":{told},"service_tier":"standard"}}'
                lines.append(head + f'"message":{{"id":"{message}","type":"message","role":"assistant","model":"{model}","content":[{{"type":"text","text":"{text(random, random.randrange(10, 160))}"}}],"stop_reason":null,"stop_sequence":null,"usage":{usage}}},"requestId":"{request}","type":"assistant","uuid":"{random.getrandbits(64):016x}","timestamp":"{stamp}.{100 + block}Z"}}\n')
            for key, value in (("requests", 1), ("input_tokens", 4), ("cache_read_tokens", read), ("cache_write_1h_tokens", write), ("output_tokens", output)):
                totals[key] = totals.get(key, 0) + value
            joined = "".join(lines)
            file.write(joined)
            written += len(joined)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("size_mb", type=int)
    parser.add_argument("--files", type=int, default=400)
    options = parser.parse_args()
    numbers, totals = random.Random(20261124), {}
    for session in range(options.files):
        folder = os.path.join(options.folder, ".claude/projects", f"-Users-dev-project-{session % 9}")
        os.makedirs(folder, exist_ok=True)
        size = options.size_mb * 1_000_000 // options.files
        claude(numbers, os.path.join(folder, f"{session:08x}-0000.jsonl"), session, size, totals)
    print(json.dumps(totals))


main()
