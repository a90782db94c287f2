package org.imgblstr.protocol.wire;

import java.util.List;
import org.imgblstr.protocol.contract.SlaveResult.Result;

/** The results of Disconnect and their numbers. Source: docs/protocol.md, section 3.9. */
final class DisconnectResult {
    /** The place in this list is the number on the wire. */
    private static final List<Result> BY_CODE = List.of(
            Result.COMPLETE,
            Result.INCOMPLETE,
            Result.DISK_ERROR,
            Result.VERIFY_FAILED,
            Result.INTERRUPTED,
            Result.TOO_SLOW);

    private DisconnectResult() {}

    static boolean isCode(int code) {
        return code >= 0 && code < BY_CODE.size();
    }

    static Result ofCode(int code) {
        return BY_CODE.get(code);
    }

    static int codeOf(Result result) {
        int code = BY_CODE.indexOf(result);
        if (code < 0) {
            throw new IllegalArgumentException("result: " + result + " is not sent by a slave");
        }
        return code;
    }
}
