package org.imgblstr.sealing.secret;

/** Text that is no join code, or bytes that are no key file. The message names the place, and nothing of what stands there. */
public final class SecretException extends Exception {
    private static final long serialVersionUID = 1L;

    public SecretException(String message) {
        super(message);
    }
}
