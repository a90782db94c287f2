package org.imgblstr.disk.machine;

import java.util.List;

/** Other programs that this one starts. They get its environment without the join code and the pass phrase that may be there. */
public final class ChildProcess {
    /** Stands for the words of {@code --code} on the command line when the start script has moved them into {@link #MOVED_CODE}. */
    public static final String MOVED = "WORDS";

    /** The variable of the environment into which start scripts move the words of {@code --code}. */
    public static final String MOVED_CODE = "IMGBLSTR_MOVED_CODE";

    /** Variables that may hold a join code, or the pass phrase of an image. */
    public static final List<String> SECRETS =
            List.of("IMGBLSTR_CODE", "IMGSLAVE_CODE", "IMGBLSTR_IMAGE_PASSPHRASE", MOVED_CODE);

    private ChildProcess() {}

    /** A program that is still to be started, with its arguments. */
    public static ProcessBuilder of(String... words) {
        return of(List.of(words));
    }

    /** As {@link #of(String...)}. */
    public static ProcessBuilder of(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().keySet().removeAll(SECRETS);
        return builder;
    }
}
