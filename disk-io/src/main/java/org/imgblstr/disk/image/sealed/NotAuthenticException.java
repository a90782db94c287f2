package org.imgblstr.disk.image.sealed;

import java.io.IOException;

/** There is no key that opens an image, or the image is not one that the operator trusts; ends in exit code 16. */
public final class NotAuthenticException extends IOException {
    private static final long serialVersionUID = 1L;

    public NotAuthenticException(String message) {
        super(message);
    }

    public NotAuthenticException(String message, Throwable cause) {
        super(message, cause);
    }
}
