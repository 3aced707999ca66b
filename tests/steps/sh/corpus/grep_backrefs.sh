printf 'abab\nabcd\nxyxy\n' | grep -E '^(..)\1$'
printf 'the the cat\na cat\n' | grep '\(\w\+\) \1'
