sed -i "s|image: .*|image: registry.example.com/demo:2.0.0|; s/replicas: [0-9]*/replicas: 5/" config/deploy.yaml
grep -E 'image|replicas' config/deploy.yaml
awk '/name:/ {print $NF}' config/deploy.yaml
