package org.imgblstr.cli.master.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.imgblstr.fuzz.Budget;

/** Requests that another shell sends to a session. A line is a request or none, and a request is written and read again as the same. */
public final class ControlFuzz {
    private static final long MOST_ALLOCATED_BYTES = 4 << 20;

    private ControlFuzz() {}

    /** The line in UTF-8. */
    public static void fuzzerTestOneInput(byte[] input) {
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        ControlRequest request = ControlRequest.parse(new String(input, StandardCharsets.UTF_8));
        budget.check();
        if (request == null) {
            return;
        }
        try {
            String line = request.line();
            if (!request.equals(ControlRequest.parse(line)) || line.contains("\n")) {
                throw new AssertionError("a request is read otherwise than it was written: " + line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request of each sort. */
    public static List<byte[]> seeds() {
        return List.of(
                text("{\"command\":\"status\",\"text\":true}"),
                text("{\"command\":\"kick\",\"slave\":\"pc-17 \\u00fc\",\"yes\":false}"),
                text("{\"command\":\"rate\",\"bits\":400000000,\"other\":[{\"a\":null}]}"),
                text("{\"command\":\"start\",\"yes\":true} "));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
