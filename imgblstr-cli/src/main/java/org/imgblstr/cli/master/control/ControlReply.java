package org.imgblstr.cli.master.control;

import java.io.IOException;
import java.util.HexFormat;
import org.imgblstr.cli.common.report.JsonLine;
import org.imgblstr.protocol.session.SessionControl.Answer;

/**
 * What a request is answered with.
 *
 * @param line JSON, without the newline
 * @param after what is to be done once the answer is on its way
 */
record ControlReply(String line, Runnable after) {
    static ControlReply of(String line) {
        return new ControlReply(line, () -> {});
    }

    /** What came of an order. {@code command}: "" when there was none. */
    static ControlReply of(long sessionId, String command, Answer answer) throws IOException {
        return of(JsonLine.of(json -> {
            json.writeStringField("session", HexFormat.of().toHexDigits(sessionId));
            json.writeStringField("command", command);
            json.writeNumberField("exitCode", answer.exitCode());
            json.writeStringField("message", answer.text());
        }));
    }

    /** The same, with something to be done once it is on its way. */
    ControlReply then(Runnable next) {
        return new ControlReply(line, next);
    }
}
