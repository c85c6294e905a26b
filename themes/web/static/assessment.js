// Counts what is answered, while somebody answers. Nothing is sent, and nothing is kept.
(() => {
  "use strict";
  const form = document.getElementById("questions");
  const counted = document.getElementById("counted");
  const questions = [...form.querySelectorAll(".question")];
  const answered = (question) =>
    [...question.querySelectorAll("input, select")].some((field) =>
      field.type === "radio" ? field.checked && field.value !== "" : field.value !== "");
  const count = () => {
    const number = questions.filter(answered).length;
    counted.textContent = `${number} of ${questions.length} answered; every question may stay open`;
  };
  counted.hidden = false;
  form.addEventListener("change", count);
  count();
  document.getElementById("problems")?.focus();
})();
