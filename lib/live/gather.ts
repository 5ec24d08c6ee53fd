// Many questions asked in one turn, answered by one.

/** `ask` gets what was asked in one turn of the event loop and answers in the same order. */
export function gather<Question, Answer>(
  ask: (questions: Question[]) => Promise<Answer[]>,
): (question: Question) => Promise<Answer> {
  type Waiting = {
    question: Question
    resolve: (answer: Answer) => void
    reject: (error: unknown) => void
  }
  let waiting: Waiting[] = []

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject })
      if (waiting.length === 1) setImmediate(() => void answerAll())
    })

  async function answerAll(): Promise<void> {
    const asked = waiting
    waiting = []
    try {
      const answers = await ask(asked.map(({ question }) => question))
      for (const [i, answer] of answers.entries()) asked[i]?.resolve(answer)
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
}
