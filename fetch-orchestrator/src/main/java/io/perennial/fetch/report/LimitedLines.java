package io.perennial.fetch.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** Lines of a stream: not more bytes of it than allowed, and of one line not more than a line can sensibly have. */
final class LimitedLines {
    static final int LONGEST_LINE = 64 * 1024;
    static final int BLOCK = 32 * 1024;

    private final InputStream input;
    private final Charset charset;
    private final byte[] block = new byte[BLOCK];
    private int at;
    private int end;
    private long left;

    LimitedLines(InputStream input, Charset charset, long limit) {
        this.input = input;
        this.charset = charset;
        this.left = limit;
    }

    /** There is more than allowed. */
    static final class TooMuch extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * The next line; null at the end. A line that is too long ends where it becomes so, its rest is skipped.
     *
     * @throws TooMuch when the limit is reached before the end
     */
    @Nullable
    String next() throws IOException {
        if (at == end && !fill()) {
            return null;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        while (!endsInBlock(line) && fill()) {
            // the line goes on in the next block
        }
        String text = line.toString(charset);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Takes what the block holds of the line; true if that is its end. */
    private boolean endsInBlock(ByteArrayOutputStream line) {
        int from = at;
        while (at < end && block[at] != '\n') {
            at++;
        }
        line.write(block, from, Math.min(at - from, LONGEST_LINE - line.size()));
        boolean ends = at < end;
        if (ends) {
            at++;
        }
        return ends;
    }

    /** False at the end of the stream. */
    private boolean fill() throws IOException {
        at = 0;
        end = 0;
        if (left == 0) {
            if (input.read() < 0) {
                return false;
            }
            throw new TooMuch();
        }
        int read = input.read(block, 0, (int) Math.min(BLOCK, left));
        if (read < 0) {
            return false;
        }
        end = read;
        left -= read;
        return true;
    }
}
