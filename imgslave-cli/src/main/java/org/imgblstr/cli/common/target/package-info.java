/**
 * The disk that is about to be overwritten: does the image fit, is it safe, what is on it now, does the operator agree. Knows no network.
 * Specification: docs/targets.md.
 */
package org.imgblstr.cli.common.target;
