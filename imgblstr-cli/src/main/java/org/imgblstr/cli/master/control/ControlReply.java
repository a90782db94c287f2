package org.imgblstr.cli.master.control;

/**
 * What a request is answered with.
 *
 * @param line JSON, without the newline
 * @param after what is to be done once the answer is on its way
 */
record ControlReply(String line, Runnable after) {
    static ControlReply of(String line) {
        return new ControlReply(line, () -> {});
    }
}
