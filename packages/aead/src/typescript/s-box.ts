/**
 * The AES S-box as a circuit (FIPS 197 §5.1.1), so that no table is indexed by a secret.
 *
 * Gates after Boyar and Peralta, "A new combinational logic minimization technique with applications to cryptology"
 * (2010), figures 5 to 7, whose signal names are kept: x inputs and s outputs with the most significant bit first, y
 * after the linear top layer, t and z inside the inversion in GF(2⁸). The four NOT gates of the affine constant 0x63
 * are left out: callers add 0x63, for the rounds once and for all by folding it into the round keys.
 */

/**
 * Substitutes 32 bytes at once, in place and without the constant 0x63.
 *
 * @param q eight words; bit j of word i is bit i of byte j
 */
export function substituteBytes(q: Int32Array): void {
  const x0 = q[7] as number;
  const x1 = q[6] as number;
  const x2 = q[5] as number;
  const x3 = q[4] as number;
  const x4 = q[3] as number;
  const x5 = q[2] as number;
  const x6 = q[1] as number;
  const x7 = q[0] as number;

  const y14 = x3 ^ x5;
  const y13 = x0 ^ x6;
  const y9 = x0 ^ x3;
  const y8 = x0 ^ x5;
  const t0 = x1 ^ x2;
  const y1 = t0 ^ x7;
  const y4 = y1 ^ x3;
  const y12 = y13 ^ y14;
  const y2 = y1 ^ x0;
  const y5 = y1 ^ x6;
  const y3 = y5 ^ y8;
  const t1 = x4 ^ y12;
  const y15 = t1 ^ x5;
  const y20 = t1 ^ x1;
  const y6 = y15 ^ x7;
  const y10 = y15 ^ t0;
  const y11 = y20 ^ y9;
  const y7 = x7 ^ y11;
  const y17 = y10 ^ y11;
  const y19 = y10 ^ y8;
  const y16 = t0 ^ y11;
  const y21 = y13 ^ y16;
  const y18 = x0 ^ y16;

  const t2 = y12 & y15;
  const t4 = (y3 & y6) ^ t2;
  const t6 = (y4 & x7) ^ t2;
  const t7 = y13 & y16;
  const t9 = (y5 & y1) ^ t7;
  const t11 = (y2 & y7) ^ t7;
  const t12 = y9 & y11;
  const t14 = (y14 & y17) ^ t12;
  const t16 = (y8 & y10) ^ t12;
  const t21 = t4 ^ t14 ^ y20;
  const t22 = t6 ^ t16 ^ y19;
  const t23 = t9 ^ t14 ^ y21;
  const t24 = t11 ^ t16 ^ y18;
  const t25 = t21 ^ t22;
  const t26 = t21 & t23;
  const t27 = t24 ^ t26;
  const t29 = (t25 & t27) ^ t22;
  const t30 = t23 ^ t24;
  const t31 = t22 ^ t26;
  const t33 = (t31 & t30) ^ t24;
  const t34 = t23 ^ t33;
  const t35 = t27 ^ t33;
  const t36 = t24 & t35;
  const t37 = t36 ^ t34;
  const t38 = t27 ^ t36;
  const t40 = t25 ^ (t29 & t38);
  const t41 = t40 ^ t37;
  const t42 = t29 ^ t33;
  const t43 = t29 ^ t40;
  const t44 = t33 ^ t37;
  const t45 = t42 ^ t41;

  const z2 = t33 & x7;
  const z3 = t43 & y16;
  const z4 = t40 & y1;
  const z5 = t29 & y7;
  const z7 = t45 & y17;
  const z10 = t37 & y3;
  const z12 = t43 & y13;
  const z16 = t45 & y14;
  const t46 = (t42 & y9) ^ z16;
  const t48 = z5 ^ (t40 & y5);
  const t53 = (t44 & y15) ^ z3;
  const t57 = z2 ^ z12 ^ t53;
  const t58 = z4 ^ t46;
  const t59 = z3 ^ (t42 & y11) ^ z7;
  const t62 = z7 ^ (t41 & y10) ^ t58;
  const t63 = (t44 & y12) ^ z10 ^ t58;
  const t64 = z4 ^ t59;
  const t65 = (t29 & y2) ^ t57 ^ t62;
  const t66 = (t37 & y6) ^ t63;
  const s3 = t53 ^ t66;

  q[7] = t59 ^ t63;
  q[6] = t64 ^ s3;
  q[5] = z16 ^ (t41 & y8) ^ t64 ^ t65;
  q[4] = s3;
  q[3] = z2 ^ z5 ^ t66;
  q[2] = z10 ^ (t33 & y4) ^ t65;
  q[1] = z12 ^ t48 ^ t62;
  q[0] = t48 ^ t46 ^ t57;
}
