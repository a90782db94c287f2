package org.imgblstr.protocol.transport.network;

/** No interface could be chosen; the message says why, lists the candidates and says what to try next. */
public final class InterfaceException extends NetworkException {
    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Why {
        /** A link or an address is lacking, and may come. */
        NOT_READY,
        /** There is no such interface. */
        ABSENT,
        /** Several fit, or what was named is none. */
        AMBIGUOUS
    }

    private final Why why;

    /** @param message one sentence or two for the operator */
    public InterfaceException(Why why, String message) {
        super(message);
        this.why = why;
    }

    /** Whether waiting may help. */
    public boolean mayPass() {
        return why == Why.NOT_READY;
    }

    /** Whether the operator has to name another interface. */
    public boolean isWrongUsage() {
        return why == Why.AMBIGUOUS;
    }
}
