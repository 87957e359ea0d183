/** @file In a page: fails, for the test of the harness itself. */
export default async function main(): Promise<never> {
  await Promise.resolve();
  throw new Error("thrown in the page");
}
