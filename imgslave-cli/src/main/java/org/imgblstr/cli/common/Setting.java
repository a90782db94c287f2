package org.imgblstr.cli.common;

/**
 * What a command runs in.
 *
 * @param streams where its words go and come from
 * @param interruption what Ctrl-C does
 */
public record Setting(Streams streams, Interruption interruption) {}
