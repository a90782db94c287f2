/**
 * Acting on a running session from another shell: the socket of the master, and the commands that talk to it. Must not know how a run goes.
 * Specification: docs/control.md.
 */
package org.imgblstr.cli.master.control;
