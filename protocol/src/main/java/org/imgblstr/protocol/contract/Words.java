package org.imgblstr.protocol.contract;

import java.util.Locale;

/**
 * The words for states, results and reasons, as a person reads them. docs/glossary.md explains each; a test compares. Events and reports for
 * programs have {@link #inEvents} instead, which never changes.
 */
public final class Words {
    /** How the reason of a slave begins that lacks only what the source could not give; its ranges follow. */
    public static final String SOURCE_UNREADABLE =
            "the source could not be read everywhere, and this disk has zeros there";

    private Words() {}

    /** How events spell a constant: {@code verify-failed}. */
    public static String inEvents(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How a slave ended. */
    public static String of(SlaveResult.Result result) {
        return switch (result) {
            case COMPLETE -> "complete";
            case INCOMPLETE -> "incomplete";
            case DISK_ERROR -> "disk failed";
            case VERIFY_FAILED -> "wrong bytes";
            case INTERRUPTED -> "interrupted";
            case TOO_SLOW -> "too slow";
            case KICKED -> "kicked";
            case LOST -> "lost";
            case MASTER_LOST -> "master lost";
            case MASTER_ABORTED -> "master stopped";
            case NO_MASTER -> "no master";
            case DOES_NOT_FIT -> "does not fit";
            case REFUSED -> "refused";
            case NOT_AUTHENTIC -> "not authentic";
        };
    }

    /** Where a session is. */
    public static String of(SessionPhase phase) {
        return switch (phase) {
            case SCHEDULED -> "waiting for its time";
            case OPENING -> "waiting for the network";
            case WAITING -> "waiting for slaves";
            case SENDING -> "sending";
            case PAUSED -> "paused";
            case CATCHING_UP -> "catching up";
            case READING_BACK -> "reading back";
            case FINISHING -> "finishing";
            case OVER -> "over";
        };
    }

    /** What holds a session up, from the word of events: {@code wire}, {@code codec}, {@code slave:LABEL}. */
    public static String ofLimit(String limit) {
        return limit.startsWith("slave:")
                ? "slave " + limit.substring("slave:".length())
                : switch (limit) {
                    case "wire" -> "the network";
                    case "rate" -> "--rate";
                    case "image" -> "the image file";
                    case "disk" -> "the disk of the master";
                    default -> "the " + limit;
                };
    }

    /** Why a master ended its session before this slave was complete, from the exit code that it told. */
    public static String whyMasterStopped(int exitCode) {
        return switch (exitCode) {
            case ExitCode.FAULT -> "a fault of its program";
            case ExitCode.DOES_NOT_FIT -> "the image does not fit a disk there";
            case ExitCode.MALFORMED_IMAGE -> "its image file is damaged";
            case ExitCode.DEVICE_FAILED -> "a disk or file of it failed";
            case ExitCode.NOBODY_ANSWERED -> "too few slaves joined in time";
            case ExitCode.PEER_LOST -> "it lost all slaves";
            case ExitCode.REFUSED -> "it may not read or write what it was told to";
            case ExitCode.NETWORK -> "its network cannot be used";
            case ExitCode.INTERRUPTED -> "its operator stopped it";
            default -> "its screen says why";
        };
    }
}
