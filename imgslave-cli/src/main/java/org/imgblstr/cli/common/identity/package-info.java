/**
 * {@code --new-ids}, {@code --hostname} and {@code --hook}: a complete disk gets an identity of its own. Here are the options, the look at what is
 * on the disk, the tools that write identifiers, the files of a Linux, and the words; identifiers as bytes and text are the business of
 * {@code disk.identity}. Knows neither program. Source: docs/identity.md.
 */
package org.imgblstr.cli.common.identity;
