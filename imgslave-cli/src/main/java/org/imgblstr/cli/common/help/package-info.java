/**
 * What the programs say of themselves: {@code --help}, manual pages, shell completion, and what a mistyped word may mean. Nothing here runs
 * in a session.
 */
package org.imgblstr.cli.common.help;
