package org.imgblstr.dist;

/** The list of dependencies cannot be made, or is not what the document says. The message tells what and where. */
final class ListException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ListException(String message) {
        super(message);
    }
}
