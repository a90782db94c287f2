package org.imgblstr.protocol.transport;

import java.io.IOException;

/** No interface could be chosen; the message says why, lists the candidates and says what to try next. */
public final class InterfaceException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message one sentence or two for the operator */
    public InterfaceException(String message) {
        super(message);
    }
}
