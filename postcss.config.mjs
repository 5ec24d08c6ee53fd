// Tailwind compiles globals.css.
export default { plugins: { '@tailwindcss/postcss': {} } }
