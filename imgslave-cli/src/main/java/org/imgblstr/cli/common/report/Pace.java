package org.imgblstr.cli.common.report;

/**
 * How fast a run goes, or one of those that take part in it.
 *
 * @param rate used bytes a second lately; 0 when unknown
 * @param etaSeconds to the end; -1 when nobody knows
 */
public record Pace(double rate, long etaSeconds) {
    /** Nothing is known. */
    public static final Pace UNKNOWN = new Pace(0, -1);
}
