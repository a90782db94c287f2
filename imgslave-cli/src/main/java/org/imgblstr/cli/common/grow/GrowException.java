package org.imgblstr.cli.common.grow;

/** Something could not be enlarged. The message is a clause that says why, and what to do by hand. */
final class GrowException extends Exception {
    private static final long serialVersionUID = 1L;

    GrowException(String message) {
        super(message);
    }
}
