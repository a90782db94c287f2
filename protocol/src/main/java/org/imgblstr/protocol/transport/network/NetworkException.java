package org.imgblstr.protocol.transport.network;

import java.io.IOException;

/** The network cannot be used; the message says why and what to try next. */
public class NetworkException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message one sentence or two for the operator */
    public NetworkException(String message) {
        super(message);
    }

    /** @param message one sentence or two for the operator */
    public NetworkException(String message, Throwable cause) {
        super(message, cause);
    }
}
