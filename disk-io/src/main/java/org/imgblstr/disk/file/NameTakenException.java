package org.imgblstr.disk.file;

import java.io.IOException;

/**
 * The name of a file was taken by somebody else while the file was written. What has appeared there was not replaced; the complete file
 * has another name, which the message tells. Ends in exit code 15.
 */
public final class NameTakenException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message names both files */
    public NameTakenException(String message, Throwable cause) {
        super(message, cause);
    }
}
