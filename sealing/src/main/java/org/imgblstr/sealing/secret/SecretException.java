package org.imgblstr.sealing.secret;

/** Text that is no join code, or bytes that are no key file. The message names the place, and nothing of what stands there. */
public final class SecretException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int word;

    public SecretException(String message) {
        this(message, 0);
    }

    /** {@code word}: which word of a join code is wrong, from 1; 0 when no single one is. */
    SecretException(String message, int word) {
        super(message);
        this.word = word;
    }

    /** Which word of a join code is not on the list, from 1; 0 when the fault is another. */
    public int word() {
        return word;
    }
}
