package io.perennial.auth.imports;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Cuts a stream of bytes into lines. Keeps at most one line in memory; the rest of a longer one is thrown away. */
final class LineSplitter {
    private final int longest;
    private Buffer begun = Buffer.buffer();
    private boolean tooLong;
    private long number;

    LineSplitter(int longest) {
        this.longest = longest;
    }

    /** The lines that end within the next bytes. */
    List<RawLine> take(Buffer bytes) {
        List<RawLine> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.getByte(i) == '\n') {
                keep(bytes, from, i);
                lines.add(end());
                from = i + 1;
            }
        }
        keep(bytes, from, bytes.length());
        return lines;
    }

    /** The last line, if it does not end with a line feed. */
    List<RawLine> rest() {
        return begun.length() == 0 && !tooLong ? List.of() : List.of(end());
    }

    private void keep(Buffer bytes, int from, int to) {
        if (tooLong || begun.length() + to - from > longest) {
            tooLong = true;
            begun = Buffer.buffer();
        } else {
            begun.appendBuffer(bytes, from, to - from);
        }
    }

    private RawLine end() {
        RawLine line = new RawLine(++number, begun.getBytes(), tooLong);
        begun = Buffer.buffer();
        tooLong = false;
        return line;
    }
}
